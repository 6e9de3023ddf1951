"""The words and rules of Introbroker. Pure: the same input gives the same output; no clock, no I/O."""
