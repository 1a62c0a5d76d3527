package org.netdissect.broden;

/** An image file that cannot be read, or not exactly; the message says why and leaves the file's name to the caller. */
final class BadRasterException extends Exception {
    private static final long serialVersionUID = 1L;

    BadRasterException(String message) {
        super(message);
    }

    BadRasterException(String message, Throwable cause) {
        super(message, cause);
    }
}
