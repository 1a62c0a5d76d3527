package org.netdissect.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run or table on the command line: {@code PATH}, or {@code NAME=PATH}.
 *
 * @param given the name that was given, or null
 * @param path the folder or file
 */
public record NamedPath(@Nullable String given, Path path) {

    /** The given name, or one derived from the path. */
    TableName name() {
        TableName ofPath = TableName.of(path);
        return given == null ? ofPath : new TableName(given, ofPath.layer());
    }

    /** Makes names distinct: equal names become whole paths, and equal paths get their position added. */
    public static List<TableName> names(List<NamedPath> paths) {
        List<TableName> names = paths.stream().map(NamedPath::name).toList();
        List<TableName> distinct = new ArrayList<>();
        Set<TableName> used = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            TableName name = names.get(i);
            if (names.indexOf(name) != names.lastIndexOf(name)) {
                name = new TableName(paths.get(i).path().toString(), name.layer());
            }
            if (!used.add(name)) {
                name = new TableName(name.network() + " (" + (i + 1) + ")", name.layer());
                used.add(name);
            }
            distinct.add(name);
        }
        return distinct;
    }
}
