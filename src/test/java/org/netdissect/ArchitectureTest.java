package org.netdissect;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
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
import org.netdissect.broden.CheckReport;
import org.netdissect.broden.PlaneEncoding;
import org.netdissect.broden.ProbeSetCheck;
import org.netdissect.broden.ImageSelection;
import org.netdissect.chance.ChanceMethod;
import org.netdissect.chance.ChanceSettings;
import org.netdissect.network.AxesSpec;
import org.netdissect.network.ChannelOrder;
import org.netdissect.network.ComputeDevice;
import org.netdissect.network.MemoryFormat;
import org.netdissect.network.Preprocessing;
import org.netdissect.report.CheckText;
import org.netdissect.report.compare.ComparisonResult;
import org.netdissect.report.compare.NamedPath;
import org.netdissect.report.compare.RunDifference;

/** The house rules of packages: who may import whom, and where a library stays. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.netdissect");

    private static final Class<?>[] OPTION_VALUES = {
        ActivationImages.class,
        ActiveUnit.Order.class,
        AlignmentRules.class,
        AxesSpec.class,
        ChanceMethod.class,
        ChanceSettings.class,
        ChannelOrder.class,
        Comparison.class,
        ComputeDevice.class,
        CountingRule.class,
        Interpolation.class,
        LabelZero.class,
        MemoryFormat.class,
        NamedPath.class,
        PixelLabels.class,
        PlaneEncoding.class,
        Precision.class,
        Preprocessing.class,
        ImageSelection.class,
    };

    @Test
    void classesWereSeen() {
        assertTrue(
                CLASSES.size() > 500,
                "only " + CLASSES.size() + " classes imported: the other rules would hold of nothing");
    }

    @Test
    void packagesImportDownwardsOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("org.netdissect..")
                .layer("cli")
                .definedBy("org.netdissect.cli")
                .layer("pipeline")
                .definedBy("org.netdissect.pipeline")
                .layer("report")
                .definedBy("org.netdissect.report..")
                .layer("chance")
                .definedBy("org.netdissect.chance")
                .layer("align")
                .definedBy("org.netdissect.align")
                .layer("network")
                .definedBy("org.netdissect.network")
                .layer("activation")
                .definedBy("org.netdissect.activation..")
                .layer("torchscript")
                .definedBy("org.netdissect.torchscript..")
                .layer("broden")
                .definedBy("org.netdissect.broden")
                .layer("labels")
                .definedBy("org.netdissect.labels")
                .layer("images")
                .definedBy("org.netdissect.images")
                .layer("base")
                .definedBy("org.netdissect.base")
                .whereLayer("cli")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("pipeline")
                .mayOnlyBeAccessedByLayers("cli")
                .whereLayer("report")
                .mayOnlyBeAccessedByLayers("pipeline", "cli")
                .whereLayer("chance")
                .mayOnlyBeAccessedByLayers("report", "pipeline", "cli")
                .whereLayer("align")
                .mayOnlyBeAccessedByLayers("chance", "report", "pipeline", "cli")
                .whereLayer("network")
                .mayOnlyBeAccessedByLayers("pipeline", "cli")
                .whereLayer("activation")
                .mayOnlyBeAccessedByLayers("network", "align", "pipeline", "cli")
                .whereLayer("torchscript")
                .mayOnlyBeAccessedByLayers("network", "pipeline", "cli")
                .whereLayer("broden")
                .mayOnlyBeAccessedByLayers("report", "pipeline", "cli")
                .whereLayer("labels")
                .mayOnlyBeAccessedByLayers("broden", "align", "chance", "report", "pipeline", "cli")
                .whereLayer("images")
                .mayOnlyBeAccessedByLayers("broden", "network", "report", "pipeline", "cli")
                .check(CLASSES);
    }

    /** Entries of commands are in pipeline; a package below gives option values, and few entries and results by name. */
    @Test
    void commandsImportEntriesAndOptionValuesOnly() {
        noClasses()
                .that()
                .resideInAPackage("org.netdissect.cli")
                .should()
                .dependOnClassesThat(resideInAPackage("org.netdissect..")
                        .and(not(resideInAnyPackage(
                                "org.netdissect.cli", "org.netdissect.pipeline", "org.netdissect.base")))
                        .and(not(belongToAnyOf(OPTION_VALUES)))
                        .and(not(belongToAnyOf(
                                ProbeSetCheck.class,
                                CheckReport.class,
                                CheckText.class,
                                ComparisonResult.class,
                                RunDifference.class))))
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("org.netdissect.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    /** The slices above take a package and those below it as one. */
    @Test
    void reportKnowsNothingOfComparisons() {
        noClasses()
                .that()
                .resideInAPackage("org.netdissect.report")
                .should()
                .dependOnClassesThat(resideInAPackage("org.netdissect.report.compare"))
                .check(CLASSES);
    }

    /** Receptive fields stand above rewriting, rewriting above archives, archives above syntax. */
    @Test
    void torchscriptImportsDownwardsOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("org.netdissect.torchscript..")
                .layer("field")
                .definedBy("org.netdissect.torchscript.field")
                .layer("rewriting")
                .definedBy("org.netdissect.torchscript")
                .layer("archive")
                .definedBy("org.netdissect.torchscript.archive")
                .layer("syntax")
                .definedBy("org.netdissect.torchscript.syntax")
                .whereLayer("field")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("rewriting")
                .mayOnlyBeAccessedByLayers("field")
                .whereLayer("archive")
                .mayOnlyBeAccessedByLayers("rewriting", "field")
                .check(CLASSES);
    }

    @Test
    void librariesStayInTheirPackage() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.netdissect.network")
                .should()
                .dependOnClassesThat(resideInAPackage("ai.djl.."))
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("org.netdissect.cli")
                .should()
                .dependOnClassesThat(resideInAPackage("picocli.."))
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("org.netdissect.report")
                .should()
                .dependOnClassesThat(resideInAnyPackage("gg.jte..", "org.jfree..", "org.apache.batik.."))
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("org.netdissect.activation.rotation")
                .should()
                .dependOnClassesThat(resideInAPackage("org.ejml.."))
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
