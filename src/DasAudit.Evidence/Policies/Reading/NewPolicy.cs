using System.Text;

namespace DasAudit.Evidence.Policies.Reading;

/// <summary>A policy to begin with, and the schema by which editors complete it.</summary>
internal static class NewPolicy
{
    /// <summary>What the schema is called that the policy names, beside it.</summary>
    internal const string SchemaName = "das-audit.policy.schema.json";

    /// <summary>The policy's text, with comments.</summary>
    internal static string Text() => Read("das-audit.policy.json");

    /// <summary>The schema's text: docs/policy.schema.json.</summary>
    internal static string Schema() => Read("policy.schema.json");

    private static string Read(string resource)
    {
        using var stream = typeof(NewPolicy).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
