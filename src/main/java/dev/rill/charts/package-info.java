/**
 * Pictures: what a model does over time, how training went, how good predictions are, the model itself. Each is a text, SVG or a page
 * of HTML that needs nothing else: no script or font from elsewhere, readable in light and dark. Nothing here is loaded by whoever
 * only runs or trains models.
 */
package dev.rill.charts;
