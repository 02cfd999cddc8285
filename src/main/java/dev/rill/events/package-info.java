/** What Rill tells the JVM's flight recorder, where there is one and it is running; nothing is loaded of it before. */
package dev.rill.events;
