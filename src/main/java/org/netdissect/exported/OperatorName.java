package org.netdissect.exported;

/**
 * The name of an operator.
 *
 * @param namespace such as {@code aten}; {@code _operator} and {@code math} for Python's functions on numbers
 * @param name without overload, such as {@code conv2d}
 */
record OperatorName(String namespace, String name) {
    private static final String OPERATORS = "torch.ops.";

    /** Reads {@code torch.ops.aten.conv2d.default}, {@code _operator.mul}, {@code torch.sym_max}. */
    static OperatorName of(String target) {
        if (target.startsWith(OPERATORS)) {
            String[] parts = target.substring(OPERATORS.length()).split("\\.", 3);
            return new OperatorName(parts[0], parts.length < 2 ? "" : parts[1]);
        }
        int dot = target.lastIndexOf('.');
        return new OperatorName(target.substring(0, Math.max(0, dot)), target.substring(dot + 1));
    }

    /** Whether it changes its first argument. */
    boolean isInPlace() {
        return name.endsWith("_") && !name.endsWith("__");
    }
}
