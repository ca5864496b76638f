using System.Text.Json.Serialization;

namespace DasAudit.Evidence.Signatures;

/// <summary>What an in-toto statement is about.</summary>
/// <param name="Digest">Hexadecimal digests by the name of what they are taken by.</param>
internal sealed record StatementSubject(string Name, IReadOnlyDictionary<string, string> Digest);

/// <summary>An in-toto Statement, version 1: a claim about some things, each named by its hash.</summary>
internal sealed record Statement<TPredicate>(
    [property: JsonPropertyName("_type")] string Type,
    IReadOnlyList<StatementSubject> Subject,
    string PredicateType,
    TPredicate Predicate
)
{
    /// <summary>What <see cref="Type"/> says.</summary>
    internal const string TypeId = "https://in-toto.io/Statement/v1";
}
