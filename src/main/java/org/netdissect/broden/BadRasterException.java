package org.netdissect.broden;

/** An image file that cannot be read exactly. The message says why; the caller adds the name of the file. */
final class BadRasterException extends Exception {
    private static final long serialVersionUID = 1L;

    BadRasterException(String message) {
        super(message);
    }

    BadRasterException(String message, Throwable cause) {
        super(message, cause);
    }
}
