"""Demo: ten weeks of the invented city of Riverton, played through the bot itself."""
