package org.netdissect.base;

/**
 * The user's input is wrong: an option, a file, a row. The message is the one line the user reads: what is wrong, where
 * (file, row, column), what was expected, which option helps. The command line ends with exit code 2.
 */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An error that the message explains whole. */
    public InputException(String message) {
        super(message);
    }

    /** As above; the cause is shown with {@code --stacktrace} only. */
    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
