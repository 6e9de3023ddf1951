"""The durable shells: what hears news in order, records each step, and waits. They decide nothing themselves."""
