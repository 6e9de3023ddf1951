"""Faces of programmes, as pages and letters fetch them: logos and colours. Who fetches them is asked by nobody."""
