a, b, = (1, 2.5e-3)
x[1:2, ::2, ..., None] = {"k": [1, -2 ** 3], 'l': (), }
y : List[int] = annotate(List[int], [])
f(*a, **k, dtype=6)
z = lambda a, b: a if b else (c if d else e)
q = a << b | c & d ^ ~e // f % g @ h
s = """long
string""" r'\raw' + "\""
(1).real
