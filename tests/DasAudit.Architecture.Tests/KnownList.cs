using System.Text;

namespace DasAudit.Architecture.Tests;

/// <summary>Something against the design: its line in the list of known ones, and what helps to find it.</summary>
internal sealed record Violation(string Line, string Note = "");

/// <summary>
/// A file of violations that stand today, one a line, after comments. It may only shrink: a test fails for a violation
/// that is not in it, and for a line that no longer occurs. With <c>DASAUDIT_RENEW_EXPECTED=1</c> it is written anew;
/// read what changed.
/// </summary>
internal static class KnownList
{
    internal static void AssertEqual(string name, IEnumerable<Violation> violations)
    {
        var occurring = violations.OrderBy(violation => violation.Line, StringComparer.Ordinal).ToList();
        var file = Repository.ListFile(name);
        if (Environment.GetEnvironmentVariable("DASAUDIT_RENEW_EXPECTED") == "1")
        {
            Renew(file, occurring);
            return;
        }

        var known = Lines(file).Where(IsEntry).ToHashSet();
        var unknown = occurring.Where(violation => !known.Contains(violation.Line)).ToList();
        var past = known.Except(occurring.Select(violation => violation.Line)).ToList();
        Assert.True(unknown.Count == 0 && past.Count == 0, Message(name, unknown, past));
    }

    private static string Message(string name, List<Violation> unknown, List<string> past)
    {
        var message = new StringBuilder();
        Append(message, "Against the design (put it right; the list only shrinks)", unknown.Select(Described));
        Append(message, $"No longer so (delete these lines from {name})", past);
        return message.ToString();
    }

    private static string Described(Violation violation) =>
        violation.Note.Length == 0 ? violation.Line : $"{violation.Line}   {violation.Note}";

    private static void Append(StringBuilder message, string heading, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count == 0)
        {
            return;
        }

        message.Append('\n').Append(heading).Append(": ").Append(all.Count).Append('\n');
        message.AppendJoin("\n", all.Select(line => $"  {line}")).Append('\n');
    }

    private static void Renew(string file, IEnumerable<Violation> occurring)
    {
        var comments = Lines(file).TakeWhile(line => !IsEntry(line));
        File.WriteAllLines(file, comments.Concat(occurring.Select(violation => violation.Line)));
    }

    private static bool IsEntry(string line) => line.Length > 0 && !line.StartsWith('#');

    private static string[] Lines(string file) => File.ReadAllLines(file);
}
