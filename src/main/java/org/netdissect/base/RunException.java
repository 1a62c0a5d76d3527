package org.netdissect.base;

/**
 * The run failed though its input was well-formed: a full disk, an activation that is not a number, a cache in use. The
 * message is one line. The command line ends with exit code 1.
 */
public class RunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An error that its message explains completely. */
    public RunException(String message) {
        super(message);
    }

    /** An error with a cause, which only {@code --stacktrace} shows. */
    public RunException(String message, Throwable cause) {
        super(message, cause);
    }
}
