package org.netdissect;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.netdissect.activation.Precision;
import org.netdissect.align.ActivationImages;
import org.netdissect.align.ActiveUnit;
import org.netdissect.align.AlignmentRules;
import org.netdissect.align.Comparison;
import org.netdissect.align.CountingRule;
import org.netdissect.align.Interpolation;
import org.netdissect.align.LabelZero;
import org.netdissect.align.PixelLabels;
import org.netdissect.baseline.BaselineMethod;
import org.netdissect.baseline.BaselineSettings;
import org.netdissect.broden.CheckReport;
import org.netdissect.broden.CheckText;
import org.netdissect.broden.ImageSelection;
import org.netdissect.broden.ProbeSetCheck;
import org.netdissect.image.PlaneEncoding;
import org.netdissect.network.AxesSpec;
import org.netdissect.network.ChannelOrder;
import org.netdissect.network.ComputeDevice;
import org.netdissect.network.MemoryFormat;
import org.netdissect.network.Preprocessing;
import org.netdissect.visualize.space.ImageBasis;

/** Rules of packages: allowed imports, and the package of each library. */
class ArchitectureTest {
    private static final String ROOT = "org.netdissect.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.netdissect");

    /** Every package from top to bottom, with the packages that it may import, all of them further down. */
    private static final String TABLE = """
            cli                   -> dissect explain visualize compare run result architecture base
            dissect               -> run report report.chart result baseline align network activation.cache \
            activation.cache.direct activation.threshold activation.rotation activation architecture torchscript.field torchscript broden labels table base
            explain               -> visualize run report result align network activation.threshold activation \
            torchscript image base
            visualize             -> visualize.space run report result align network architecture torchscript broden images image table base
            compare               -> run report report.chart result align labels table base
            visualize.space       -> network image base
            report                -> report.chart result baseline align images labels image table base
            run                   -> result baseline align network activation.cache activation.threshold activation \
            architecture torchscript.field torchscript broden images image base
            report.chart          -> result align table base
            result                -> baseline align labels table base
            baseline              -> align labels base
            align                 -> activation.threshold activation labels base
            network               -> activation architecture torchscript.field torchscript images image base
            activation.cache      -> activation.cache.direct activation.threshold activation table base
            activation.cache.direct -> base
            activation.threshold  -> activation base
            activation.rotation   -> activation base
            activation            -> base
            torchscript.field     -> torchscript torchscript.archive torchscript.syntax base
            architecture          -> architecture.pickled architecture.family exported weights torchscript torchscript.assembly torchscript.archive base
            architecture.pickled  -> architecture.family weights torchscript.assembly torchscript.archive base
            architecture.family   -> torchscript.assembly torchscript.archive base
            exported              -> weights torchscript.assembly torchscript.archive base
            weights               -> torchscript.archive base
            torchscript           -> torchscript.archive torchscript.syntax base
            torchscript.assembly  -> torchscript.archive base
            torchscript.archive   -> torchscript.syntax base
            torchscript.syntax    -> base
            broden                -> labels images image table base
            labels                -> base
            images                -> base
            image                 -> base
            table                 -> base
            base                  ->
            """;

    /** Types of lower packages that are values of options. */
    private static final Class<?>[] OPTION_VALUES = {
        ActivationImages.class,
        ActiveUnit.Order.class,
        AlignmentRules.class,
        AxesSpec.class,
        BaselineMethod.class,
        BaselineSettings.class,
        ChannelOrder.class,
        Comparison.class,
        ComputeDevice.class,
        CountingRule.class,
        ImageSelection.class,
        Interpolation.class,
        LabelZero.class,
        MemoryFormat.class,
        PixelLabels.class,
        PlaneEncoding.class,
        Precision.class,
        ImageBasis.class,
        Preprocessing.class,
    };

    /** Allowed imports by package, from top to bottom. */
    private static Map<String, List<String>> table() {
        Map<String, List<String>> table = new LinkedHashMap<>();
        for (String line : TABLE.lines().toList()) {
            String[] sides = line.split("->", 2);
            String allowed = sides[1].strip();
            table.put(sides[0].strip(), allowed.isEmpty() ? List.of() : List.of(allowed.split(" +")));
        }
        return table;
    }

    @Test
    void classesWereSeen() {
        assertTrue(
                CLASSES.size() > 500,
                "only " + CLASSES.size() + " classes imported: the other rules would hold of nothing");
    }

    /** Prevents cycles of packages, also of nested ones. */
    @Test
    void theTableOfPackagesPointsDownwards() {
        List<String> packages = new ArrayList<>(table().keySet());
        table().forEach((name, allowed) -> allowed.forEach(below ->
                assertTrue(packages.indexOf(below) > packages.indexOf(name), name + " may not import " + below)));
    }

    @Test
    void packagesImportByTheTable() {
        table().forEach((name, allowed) -> {
            if (name.equals("cli")) {
                return; // has a separate rule
            }
            List<String> packages = new ArrayList<>(allowed);
            packages.add(name);
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + name)
                    .should()
                    .dependOnClassesThat(resideInAPackage("org.netdissect..")
                            .and(not(resideInAnyPackage(
                                    packages.stream().map(each -> ROOT + each).toArray(String[]::new)))))
                    .check(CLASSES);
        });
    }

    @Test
    void everyClassIsInAPackageOfTheTable() {
        Set<String> seen = new HashSet<>();
        CLASSES.forEach(each -> seen.add(each.getPackageName().substring(ROOT.length())));
        assertEquals(table().keySet(), seen);
    }

    /**
     * The command line imports the packages of its commands, and from others only values of options and named entries.
     */
    @Test
    void commandsImportEntriesAndOptionValuesOnly() {
        List<String> packages = new ArrayList<>(table().getOrDefault("cli", List.of()));
        packages.add("cli");
        noClasses()
                .that()
                .resideInAPackage(ROOT + "cli")
                .should()
                .dependOnClassesThat(resideInAPackage("org.netdissect..")
                        .and(not(resideInAnyPackage(
                                packages.stream().map(each -> ROOT + each).toArray(String[]::new))))
                        // command cache
                        .and(resideOutsideOfPackage(ROOT + "activation.cache"))
                        // command check
                        .and(not(belongToAnyOf(ProbeSetCheck.class, CheckReport.class, CheckText.class)))
                        .and(not(belongToAnyOf(OPTION_VALUES))))
                .check(CLASSES);
    }

    @Test
    void noRoomIsCrowded() {
        Map<String, Long> sizes = topLevel().stream().collect(groupingBy(JavaClass::getPackageName, counting()));
        sizes.forEach((name, size) -> assertTrue(size <= 40, name + " has " + size + " classes"));
    }

    @Test
    void noTwoClassesHaveOneName() {
        Map<String, List<String>> names = new TreeMap<>();
        topLevel()
                .forEach(each -> names.computeIfAbsent(each.getSimpleName(), name -> new ArrayList<>())
                        .add(each.getName()));
        names.forEach((name, found) -> assertEquals(1, found.size(), () -> "one name, several classes: " + found));
    }

    private static List<JavaClass> topLevel() {
        return CLASSES.stream()
                .filter(each -> each.isTopLevelClass()
                        && !each.getSimpleName().equals("package-info")
                        && !each.getSimpleName().startsWith("Jte"))
                .toList();
    }

    @Test
    void librariesStayInTheirPackage() {
        only("network", "ai.djl..", "com.sun.jna..");
        only("cli", "picocli..", "me.tongfei..");
        only("report", "gg.jte..");
        only("report.chart", "org.jfree..", "org.apache.batik..");
        only("activation.rotation", "org.ejml..");
        // thresholds may be in a table of any program, which CsvTable would refuse
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "table")
                .and()
                .doNotHaveSimpleName("ThresholdFile")
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache.commons.csv.."))
                .check(CLASSES);
    }

    private static void only(String name, String... libraries) {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + name)
                .should()
                .dependOnClassesThat(resideInAnyPackage(libraries))
                .check(CLASSES);
    }

    @Test
    void onlyMainEndsTheProcess() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("org.netdissect.cli.Main")
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        classes()
                .that()
                .haveSimpleName("package-info")
                .should()
                .beAnnotatedWith("org.jspecify.annotations.NullMarked")
                .check(CLASSES);
    }
}
