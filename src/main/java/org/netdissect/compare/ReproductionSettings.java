package org.netdissect.compare;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.netdissect.align.CountingRule;
import org.netdissect.base.InputException;
import org.netdissect.run.RunDirectory;

/**
 * Settings of a reproduction.
 *
 * @param table CSV file with a row for each layer of each network, and the published counts
 * @param models folder of the networks
 * @param probe folder of the probe set
 * @param out folder for the run directories
 * @param rule how detectors are counted
 * @param options further options of dissect, for all networks
 */
public record ReproductionSettings(
        Path table, Path models, Path probe, Path out, CountingRule rule, List<String> options) {

    /** Throws {@link InputException} if the first option does not start with a hyphen. */
    public ReproductionSettings {
        options = List.copyOf(options);
        if (!options.isEmpty() && !options.get(0).startsWith("-")) {
            throw new InputException(
                    "'" + options.get(0) + "': expected options of dissect after the table, such as -- --limit 100");
        }
    }

    /** Throws {@link InputException} where a folder does not exist or {@code out} cannot be written. */
    void checkFolders() {
        requireFolder("--models", models);
        requireFolder("--probe", probe);
        RunDirectory.requireWritable(out);
    }

    private static void requireFolder(String option, Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new InputException(option + " " + folder + ": no such folder");
        }
    }
}
