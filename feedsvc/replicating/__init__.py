"""A site on more than one machine: a publisher hands generations to an object store, and replicas take them from there.

    current                             the pointer: which generation stands; moved on condition, and so the commit
    generations/<number>-<sha256>       names the memory and the parts
    blobs/<sha256>                      a part, a body or the memory; never written twice, never changed

Nothing of it is executed, and nothing is believed that was not checked (``manifest``, ``blobs``). Whoever may write to
the store owns the site all the same.
"""
