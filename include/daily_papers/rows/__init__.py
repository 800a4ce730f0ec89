"""What an answer, a staged row and a row of the day file are, and the files of days and months."""
