package org.netdissect.network;

import java.util.List;
import org.netdissect.base.InputException;
import org.netdissect.base.NearestNames;

/** Names of a network's classes. */
public final class ClassNames {
    private static final int MOST_DIGITS = 9;

    private ClassNames() {}

    /** The names if they fit the number of classes, else none. */
    public static List<String> known(List<String> names, int count) {
        return names.size() == count ? names : List.of();
    }

    /**
     * The index of a class.
     *
     * @param option for messages, such as {@code --class}
     * @param wanted name, or number from 0
     * @param count number of the network's classes
     * @param names by index; empty if they are not known
     * @throws InputException where there is no such class, with the nearest names
     */
    public static int index(String option, String wanted, int count, List<String> names) {
        int found = names.indexOf(wanted);
        if (found >= 0) {
            return found;
        }
        if (wanted.matches("[0-9]+")) {
            int number = wanted.length() > MOST_DIGITS ? Integer.MAX_VALUE : Integer.parseInt(wanted);
            if (number < count) {
                return number;
            }
            throw new InputException(
                    option + " " + wanted + ": the network has " + count + " classes, 0 to " + (count - 1));
        } else if (names.isEmpty()) {
            throw new InputException(option + " " + wanted + ": names of the network's " + count
                    + " classes are not known; give a number, or list the names as \"classes\" in the JSON file beside "
                    + "the model");
        }
        List<String> near = NearestNames.of(wanted, names);
        throw new InputException(option + " " + wanted + ": no class has this name; "
                + (near.isEmpty()
                        ? "the network has " + count + " classes, give one by number from 0 or by name"
                        : "did you mean " + String.join(", ", near) + "?"));
    }
}
