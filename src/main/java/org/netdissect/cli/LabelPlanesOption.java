package org.netdissect.cli;

import org.netdissect.broden.PlaneEncoding;
import picocli.CommandLine.Option;

/** How label planes are read. */
final class LabelPlanesOption {
    @Option(
            names = "--label-planes",
            paramLabel = "NAME",
            defaultValue = "broden",
            description = "Label numbers in PNGs: broden (RGB, number = R + 256 * G) or index (grey values or palette "
                    + "indices, as in the masks of VOC; default: ${DEFAULT-VALUE}).")
    private PlaneEncoding encoding = PlaneEncoding.BRODEN;

    PlaneEncoding encoding() {
        return encoding;
    }
}
