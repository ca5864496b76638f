using System.CommandLine;
using DasAudit.Cli.Native;
using DasAudit.Cli.Settings;
using DasAudit.Clip;

namespace DasAudit.Cli.CommandLine;

/// <summary>Environment variables that look like options of the tool and are none.</summary>
internal sealed class UnknownVariables(Surroundings surroundings)
{
    /// <summary>Shows the stack of an expected error, for those who look for its cause.</summary>
    public const string Trace = "DASAUDIT_TRACE";

    /// <summary>The passphrase of private keys; no option, since others can see command lines.</summary>
    public const string Passphrase = "DASAUDIT_PASSPHRASE";

    private const string Prefix = "DASAUDIT_";

    /// <summary>One sentence each, in ordinal order of name.</summary>
    public IReadOnlyList<string> Sentences(Command root)
    {
        var known = CommandSettings
            .All(root)
            .Select(setting => setting.Variable)
            .Append(Trace)
            .Append(Passphrase)
            .Append(LibTorch.Variable)
            .Append(LibTorchBridge.Variable)
            .Append(OnnxRuntimeLibrary.Variable)
            .ToHashSet(StringComparer.Ordinal);
        var unknown = surroundings
            .Variables.Keys.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Where(name => surroundings.Variable(name) is not null && !known.Contains(name));
        return [.. unknown.Order(StringComparer.Ordinal).Select(name => Sentence(name, known))];
    }

    private static string Sentence(string variable, IEnumerable<string> known)
    {
        var near = Nearest.To(variable[Prefix.Length..], known.Select(name => name[Prefix.Length..]));
        var remedy = near is null
            ? "remove it, or look for the option's name with --help"
            : $"perhaps {Prefix}{near} is meant";
        return $"The variable {variable} is set, but no option reads it; {remedy}.";
    }
}
