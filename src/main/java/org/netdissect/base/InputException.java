package org.netdissect.base;

/**
 * The user's input is wrong: an option, a file, a row. The message is one line: the error, its place (file, row,
 * column), the expected input, the option that helps. The command line ends with exit code 2.
 */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An error that its message explains completely. */
    public InputException(String message) {
        super(message);
    }

    /** An error with a cause, which only {@code --stacktrace} shows. */
    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
