"""How is somebody forgotten, so that it holds? Asked for, carried through step by step, and proven."""
