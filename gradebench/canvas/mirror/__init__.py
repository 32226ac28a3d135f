"""The mirror of Canvas: payloads become rows here, and nowhere else.

`rows` is the engine (insert, update, mark gone), `columns` says which field becomes which column,
`saving` has one `save_*` for each kind, `sweeping` finds and marks what Canvas no longer has.
"""
