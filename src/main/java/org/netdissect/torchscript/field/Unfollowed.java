package org.netdissect.torchscript.field;

/** Thrown if receptive fields cannot be followed further; the message names the obstacle. */
class Unfollowed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unfollowed(String what) {
        super(what, null, false, false);
    }
}
