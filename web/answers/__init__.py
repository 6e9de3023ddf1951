"""The pages behind the links in letters: where the people who are asked read, answer, and change their minds."""
