package org.netdissect.network;

/** Makes one line of what the engine says. */
final class EngineErrors {
    private static final int LONGEST = 300;

    private EngineErrors() {}

    /** With its causes, as of libraries that cannot be loaded, where they say more. */
    static String withCauses(Throwable error) {
        StringBuilder text = new StringBuilder(oneLine(error));
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            String line = oneLine(cause);
            if (text.indexOf(line) < 0) {
                text.append(": ").append(line);
            }
        }
        return text.toString();
    }

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
