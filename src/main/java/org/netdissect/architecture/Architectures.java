package org.netdissect.architecture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.netdissect.architecture.family.Architecture;
import org.netdissect.architecture.family.Families;
import org.netdissect.architecture.family.Family;
import org.netdissect.base.InputException;
import org.netdissect.base.NearestNames;

/** All architectures. A file of weights is recognised by the names and sizes of its tensors. */
public final class Architectures {
    /**
     * torchvision's own weights that need other code than its constructor makes, by architecture and by the beginning of
     * their SHA-256, which is in the names of their files (torchvision/models/googlenet.py, inception.py).
     */
    private static final Map<String, Map<String, String>> RELEASES = Map.of(
            "googlenet", Map.of("1378be20", "googlenet-transform-input"),
            "inception_v3",
                    Map.of(
                            "0cc3c7bd", "inception_v3-transform-input",
                            "1a9a5a14", "inception_v3-transform-input"));

    private static final int SHOWN = 3;

    private Architectures() {}

    /** Whether some released weights of this architecture need another one's code. */
    static boolean hasReleases(String architecture) {
        return RELEASES.containsKey(architecture);
    }

    /** The architecture of the same tensors that changes its input as TensorFlow's weights need. */
    static String transformed(String architecture) {
        return architecture + "-transform-input";
    }

    /**
     * The architecture whose code released weights need.
     *
     * @param sha256 of their file
     * @param architecture that their tensors show
     */
    static Optional<String> ofRelease(String sha256, String architecture) {
        return RELEASES.getOrDefault(architecture, Map.of()).entrySet().stream()
                .filter(release -> sha256.startsWith(release.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /**
     * An architecture in the list for the user.
     *
     * @param name as {@code --arch} takes it
     * @param description whose it is and what else a user must know
     */
    public record Listed(String name, String description) {}

    /** All named architectures, by family. */
    public static List<Listed> list() {
        return known().map(each -> new Listed(each.architecture().name(), description(each.architecture())))
                .toList();
    }

    private static String description(Architecture architecture) {
        return architecture.origin()
                + (architecture.onRequest() ? "; only with --arch" : "")
                + architecture.note().map(note -> "; " + note).orElse("");
    }

    private record Member(Family family, Architecture architecture) {
        boolean hasHead(Map<String, List<Long>> sizes) {
            return sizes.containsKey(architecture.head())
                    || sizes.keySet().stream()
                            .anyMatch(name -> family.canonical(name).equals(architecture.head()));
        }

        Fit fit(Map<String, List<Long>> sizes) {
            return Fit.of(family, architecture, sizes);
        }
    }

    private static Stream<Member> known() {
        return Families.ALL.stream()
                .flatMap(family -> family.known().stream().map(architecture -> new Member(family, architecture)));
    }

    private static Stream<Member> all(Map<String, List<Long>> sizes) {
        return Families.ALL.stream()
                .flatMap(family -> Stream.concat(family.known().stream(), family.suggested(sizes).stream())
                        .map(architecture -> new Member(family, architecture)));
    }

    /**
     * Finds the architecture of a file's tensors.
     *
     * @param label names the file in errors
     * @param sizes by the names of the tensors
     * @param chosen name of the architecture, or null to recognise it
     * @throws InputException if none fits, with the nearest one and what does not fit
     */
    public static Fit recognise(String label, Map<String, List<Long>> sizes, @Nullable String chosen) {
        return chosen == null ? recognise(label, sizes) : chosen(label, sizes, chosen);
    }

    private static Fit recognise(String label, Map<String, List<Long>> sizes) {
        List<Member> members =
                all(sizes).filter(member -> !member.architecture().onRequest()).toList();
        // building a network takes some milliseconds, and most lack the tensor of their classes
        Optional<Fit> exact = members.stream()
                .filter(member -> member.hasHead(sizes))
                .map(member -> member.fit(sizes))
                .filter(Fit::isExact)
                .findFirst();
        if (exact.isPresent()) {
            return exact.get();
        }
        Unsupported.line(sizes.keySet()).ifPresent(line -> {
            throw new InputException(label + ": " + line);
        });
        List<Fit> fits = members.stream().map(member -> member.fit(sizes)).toList();
        Optional<Fit> nearest =
                fits.stream().min(Comparator.comparingInt(Fit::differences)).filter(Fit::isNear);
        if (nearest.isEmpty()) {
            String first = sizes.keySet().stream().limit(SHOWN).collect(Collectors.joining(", "))
                    + (sizes.size() > SHOWN ? ", ..." : "");
            throw new InputException(label + ": its " + sizes.size() + " tensors (" + first
                    + ") are of no network whose code this program has; " + Families.OTHERWISE);
        }
        throw new InputException(label + ": its tensors fit no network whose code this program has; the nearest is "
                + nearest.get().architecture().name() + ": " + nearest.get().text() + "; " + Families.OTHERWISE);
    }

    private static Fit chosen(String label, Map<String, List<Long>> sizes, String name) {
        List<Member> members = all(sizes).toList();
        Member member = members.stream()
                .filter(each -> each.architecture().name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> unknown(name, members));
        Fit fit = member.fit(sizes);
        if (!fit.isExact()) {
            throw new InputException(
                    label + ": its tensors do not fit --arch " + name + ": " + fit.text()
                            + "; leave it out (\"arch\" in the JSON file beside the weights, too) to have the network recognised");
        }
        return fit;
    }

    private static InputException unknown(String name, List<Member> members) {
        List<String> names = new ArrayList<>();
        members.forEach(member -> names.add(member.architecture().name()));
        List<String> near = NearestNames.of(name, names);
        return new InputException("--arch " + name + ": no such network"
                + (near.isEmpty() ? "" : "; did you mean " + String.join(", ", near) + "?")
                + " (netdissect layers --arch list shows all)");
    }
}
