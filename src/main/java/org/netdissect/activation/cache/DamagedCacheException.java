package org.netdissect.activation.cache;

import org.netdissect.base.RunException;

/** A chunk of a cached layer failed its checksum. */
public final class DamagedCacheException extends RunException {
    private static final long serialVersionUID = 1L;

    private final String layer;

    DamagedCacheException(String layer, String message) {
        super(message);
        this.layer = layer;
    }

    /** Dotted name of the layer. */
    public String layer() {
        return layer;
    }
}
