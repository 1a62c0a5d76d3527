package org.netdissect.run;

import java.nio.file.Files;
import java.nio.file.Path;
import org.netdissect.base.InputException;

/** The bundled sample: a small probe set and a small network that was trained on such images. */
public final class Sample {
    /** Set by the launcher: the folder that holds bin, lib and broden-sample. */
    private static final String HOME = "netdissect.home";

    private Sample() {}

    /** The probe set's folder. */
    public static Path probe() {
        Path folder = Path.of(System.getProperty(HOME, ""), "broden-sample");
        if (!Files.isRegularFile(folder.resolve("index.csv"))) {
            throw new InputException("the bundled sample is not at " + folder.toAbsolutePath()
                    + "; start the program by its script, or give --model and --probe");
        }
        return folder;
    }

    /** The network's archive. */
    public static Path model() {
        return probe().resolve("scenenet.pt");
    }
}
