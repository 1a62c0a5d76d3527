package org.netdissect.torchscript.field;

/** Thrown where receptive fields cannot be followed any further; the message says at what. */
class Unfollowed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unfollowed(String what) {
        super(what, null, false, false);
    }

    String what() {
        return String.valueOf(getMessage());
    }
}
