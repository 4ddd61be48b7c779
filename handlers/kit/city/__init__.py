"""The city's files: what each TOML file may say, one module for each file."""
