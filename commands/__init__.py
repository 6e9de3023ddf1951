"""The words of the `introbroker` command. Whatever is heavy is imported when a word is spoken, not before."""
