package org.netdissect.image;

/** An image file that cannot be read exactly. The message says why; the caller adds the name of the file. */
public final class BadRasterException extends Exception {
    private static final long serialVersionUID = 1L;

    public BadRasterException(String message) {
        super(message);
    }

    public BadRasterException(String message, Throwable cause) {
        super(message, cause);
    }
}
