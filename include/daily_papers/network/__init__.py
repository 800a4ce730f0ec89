"""How the outside is spoken to over HTTP: politely, through proxies, at a pace."""
