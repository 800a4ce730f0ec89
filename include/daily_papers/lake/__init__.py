"""Where the files of the library are, and how they are read and written; nothing of what is in them."""
