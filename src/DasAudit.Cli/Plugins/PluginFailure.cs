using System.Reflection;

namespace DasAudit.Cli.Plugins;

/// <summary>Turns what the runtime throws about a plugin into one sentence.</summary>
internal static class PluginFailure
{
    /// <summary><paramref name="doing"/> is what failed, such as <c>cannot make its adapter 'X'</c>.</summary>
    public static AuditException Explain(string plugin, string doing, Exception error)
    {
        var cause = Cause(error);
        var sentence = Sentence(cause);
        var contract = PluginContract.Version.ToString(2);
        var reason = cause switch
        {
            DllNotFoundException =>
                $"a native library is missing ({sentence}); install it, or get a complete copy of the plugin",
            FileNotFoundException { FileName: { } name } =>
                $"it needs '{name.Split(',')[0]}', which is not in its folder; copy the plugin's whole publish folder",
            FileLoadException or BadImageFormatException =>
                $"an assembly that it needs cannot be loaded ({sentence}); copy the plugin's whole publish folder",
            TypeLoadException or MissingMemberException =>
                $"it does not fit contract {contract} of this tool ({sentence}); get a build for it",
            AuditException => sentence,
            _ => $"{cause.GetType().Name}: {sentence}; ask the plugin's author",
        };
        return new AuditException($"'{plugin}' {doing}: {reason}.", error);
    }

    private static Exception Cause(Exception error) =>
        error switch
        {
            TargetInvocationException { InnerException: { } inner } => Cause(inner),
            TypeInitializationException { InnerException: { } inner } => Cause(inner),
            AggregateException { InnerException: { } inner } => Cause(inner),
            ReflectionTypeLoadException { LoaderExceptions: var errors }
                when errors.FirstOrDefault(inner => inner is not null) is { } inner => Cause(inner),
            _ => error,
        };

    private static string Sentence(Exception error) =>
        string.Join(' ', error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
}
