package org.netdissect.visualize.space;

import org.netdissect.base.Spelling;

/** Parameters that an image is computed from. */
public enum ImageBasis {
    /** Real and imaginary parts of its Fourier transform, in decorrelated colours (Olah and others 2017). */
    FOURIER,
    /** Its pixels, in decorrelated colours. */
    PIXELS,
    /** Phases of its Fourier transform; the amplitudes are the probe set's (MACO, Fel and others 2023). */
    MACO;

    /** Number of the basis in {@code ascent.py}. */
    public float code() {
        return switch (this) {
            case FOURIER -> 0;
            case PIXELS -> 1;
            case MACO -> 2;
        };
    }

    @Override
    public String toString() {
        return Spelling.of(this);
    }
}
