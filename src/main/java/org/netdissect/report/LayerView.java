package org.netdissect.report;

import java.util.List;

/**
 * One layer on a page.
 *
 * @param id of its section
 * @param name dotted
 * @param address of the page with its units; empty if they are on this page
 * @param unitCount number of units
 * @param summary one sentence
 * @param categories names, in order, with their colours
 * @param rules counts by the three rules
 * @param baseline detectors expected by chance and number of significant ones; empty without a baseline
 * @param figures charts
 * @param units by falling score; empty where they are on another page
 * @param notes sentences on the baseline, the tail and missing detectors
 * @param concepts address of the script with the concepts' masks
 * @param shown description of the images beside the units
 */
record LayerView(
        String id,
        String name,
        String address,
        int unitCount,
        String summary,
        List<CategoryColor> categories,
        List<Rule> rules,
        List<String> baseline,
        List<Figure> figures,
        List<UnitView> units,
        List<String> notes,
        String concepts,
        String shown) {

    record CategoryColor(String name, String color) {}

    /** Counts by one rule: all detectors, unique ones, and unique ones by category. */
    record Rule(String name, String meaning, int detectors, int unique, List<Integer> byCategory) {}

    /**
     * A chart.
     *
     * @param svg element for the page
     * @param files address of its files, without ending
     */
    record Figure(String caption, String svg, String files) {}
}
