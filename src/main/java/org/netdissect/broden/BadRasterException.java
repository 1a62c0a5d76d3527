package org.netdissect.broden;

/** An image file cannot be decoded exactly. The message gives the reason; the caller adds the file's name. */
final class BadRasterException extends Exception {
    private static final long serialVersionUID = 1L;

    BadRasterException(String message) {
        super(message);
    }

    BadRasterException(String message, Throwable cause) {
        super(message, cause);
    }
}
