package org.netdissect.base;

/**
 * The run failed though its input was well-formed: a full disk, an activation that is not a number, a cache in use. The
 * message is the one line the user reads. The command line ends with exit code 1.
 */
public class RunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An error that the message explains whole. */
    public RunException(String message) {
        super(message);
    }

    /** As above; the cause is shown with {@code --stacktrace} only. */
    public RunException(String message, Throwable cause) {
        super(message, cause);
    }
}
