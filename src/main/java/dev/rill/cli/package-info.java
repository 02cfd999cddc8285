/**
 * The command line: {@code summary}, {@code verify}, {@code predict}, {@code train}, {@code bench}, {@code demo}.
 *
 * <p>Standard output carries only the result; an error is one line on standard error. Exit status 0 for success, 1 for
 * failure, 2 for misuse. Read {@code Main} first, then {@code Command} and the one you look for.
 */
package dev.rill.cli;
