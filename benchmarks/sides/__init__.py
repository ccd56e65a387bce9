"""The sides that `peers.py` compares: one file a library, one class a way to do it.

Each file has a table `FORMS` from a form's name to what makes a `Side` of a question.
`worker.py` answers for one library in a process of its own.
"""
