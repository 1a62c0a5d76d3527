package org.netdissect.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.netdissect.base.InputException;
import org.netdissect.table.CsvRow;
import org.netdissect.table.CsvTable;

/**
 * A network of a table of published counts.
 *
 * @param name name of the network and of its run directory
 * @param model the network's file in the folder of networks
 * @param options options of dissect for this network alone
 * @param layers layers' names in that file, in the table's order
 */
record ReproducedNetwork(String name, String model, List<String> options, Set<String> layers) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");

    /** Reads the networks of a table in its order. Throws {@link InputException}, with the row, for a wrong table. */
    static List<ReproducedNetwork> readAll(Path file) throws IOException {
        Map<String, ReproducedNetwork> networks = new LinkedHashMap<>();
        try (CsvTable table = CsvTable.open(file, List.of("network", "layer"))) {
            for (CsvRow row = table.next(); row != null; row = table.next()) {
                ReproducedNetwork network = of(row);
                ReproducedNetwork first = networks.putIfAbsent(network.name, network);
                if (first == null) {
                    continue;
                }
                if (!first.model.equals(network.model) || !first.options.equals(network.options)) {
                    row.broken("", "another model or other options than in an earlier row of " + network.name);
                }
                first.layers.addAll(network.layers);
            }
        }
        if (networks.isEmpty()) {
            throw new InputException(file + ": names no network");
        }
        return List.copyOf(networks.values());
    }

    private static ReproducedNetwork of(CsvRow row) {
        String name = row.text("network");
        if (!NAME.matcher(name).matches()) {
            row.broken("network", "'" + name + "', expected letters, digits, dots, _ and -");
        }
        String column = row.text("module").isEmpty() ? "layer" : "module";
        String layer = row.text(column);
        if (layer.isEmpty() || layer.chars().anyMatch(Character::isWhitespace)) {
            row.broken(column, "'" + layer + "', expected a name without blanks");
        }
        String model = row.text("model").isEmpty() ? name + ".pt" : row.text("model");
        String options = row.text("options");
        return new ReproducedNetwork(
                name,
                model,
                options.isEmpty() ? List.of() : List.of(options.split("\\s+")),
                new LinkedHashSet<>(List.of(layer)));
    }

    /** Arguments of the command that dissects the network. */
    List<String> arguments(ReproductionSettings settings) {
        List<String> arguments = new ArrayList<>(List.of("dissect"));
        arguments.addAll(List.of("--model", settings.models().resolve(model).toString()));
        arguments.addAll(List.of("--probe", settings.probe().toString()));
        arguments.addAll(List.of("--out", folder(settings).toString()));
        layers.forEach(layer -> arguments.addAll(List.of("--layer", layer)));
        arguments.addAll(options);
        arguments.addAll(settings.options());
        return arguments;
    }

    Path folder(ReproductionSettings settings) {
        return settings.out().resolve(name);
    }
}
