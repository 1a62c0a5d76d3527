package org.netdissect.cli;

import org.netdissect.image.PlaneEncoding;
import picocli.CommandLine.Option;

/** The option for the encoding of label planes. */
final class LabelPlanesOption {
    @Option(
            names = "--label-planes",
            paramLabel = "NAME",
            defaultValue = "broden",
            description = "Encoding of labels in PNGs: broden (RGB, number = R + 256 * G) or index (grey values or "
                    + "palette indices, as in VOC's masks; default: ${DEFAULT-VALUE}).")
    private PlaneEncoding encoding = PlaneEncoding.BRODEN;

    PlaneEncoding encoding() {
        return encoding;
    }
}
