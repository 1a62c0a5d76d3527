package org.netdissect.network;

/** Makes one line of what the engine says. */
final class EngineErrors {
    private static final int LONGEST = 300;

    private EngineErrors() {}

    /** The line that names the error: the last with {@code Error:}, as TorchScript prints a Python-like trace. */
    static String oneLine(Throwable error) {
        String message = error.getMessage() == null ? error.toString() : error.getMessage();
        String first = "";
        String named = "";
        for (String line : message.split("\\R")) {
            String text = line.strip();
            if (first.isEmpty()) {
                first = text;
            }
            if (text.contains("Error: ")) {
                named = text;
            }
        }
        String line = named.isEmpty() ? first : named;
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }
}
