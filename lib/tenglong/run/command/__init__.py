"""The subcommands of `tenglong`, one a module; each imports what it needs when it is called."""
