using System.Text.RegularExpressions;

namespace DasAudit.Evidence.Tests.Exports.Provenance;

/// <summary>W3C's PROV-O: its classes and properties, with what each property may stand between.</summary>
internal sealed partial class Ontology
{
    private const string Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    private const string Rdfs = "http://www.w3.org/2000/01/rdf-schema#";
    private const string Owl = "http://www.w3.org/2002/07/owl#";

    private readonly ILookup<(string Subject, string Predicate), string> _objects;

    private Ontology(IEnumerable<Triple> triples) =>
        _objects = triples.ToLookup(t => (t.Subject, t.Predicate), t => t.Object);

    internal static Ontology Prov { get; } =
        new(
            PublishedSchema
                .Read("prov.nq")
                .Split('\n')
                .Select(line => Statement().Match(line))
                .Where(match => match.Success)
                .Select(match => new Triple(
                    match.Groups[1].Value.Trim('<', '>'),
                    match.Groups[2].Value,
                    match.Groups[3].Value.Trim('<', '>')
                ))
        );

    internal bool IsClass(string iri) => _objects[(iri, Rdf + "type")].Contains(Owl + "Class");

    internal bool IsObjectProperty(string iri) => _objects[(iri, Rdf + "type")].Contains(Owl + "ObjectProperty");

    internal bool IsProperty(string iri) =>
        IsObjectProperty(iri) || _objects[(iri, Rdf + "type")].Contains(Owl + "DatatypeProperty");

    /// <summary>Whether something of these types may stand before a property.</summary>
    internal bool AllowsSubject(string property, IEnumerable<string> types) => Allows(property, "domain", types);

    /// <summary>Whether something of these types may stand after it.</summary>
    internal bool AllowsObject(string property, IEnumerable<string> types) => Allows(property, "range", types);

    private bool Allows(string property, string side, IEnumerable<string> types)
    {
        var all = types.SelectMany(WithAncestors).ToHashSet();
        return _objects[(property, Rdfs + side)].All(domain => Members(domain).Any(all.Contains));
    }

    // A class, or the classes of a union.
    private IEnumerable<string> Members(string domain)
    {
        if (_objects[(domain, Owl + "unionOf")].SingleOrDefault() is not { } list)
            return [domain];
        var members = new List<string>();
        for (var rest = list; rest != Rdf + "nil"; rest = _objects[(rest, Rdf + "rest")].First())
            members.Add(_objects[(rest, Rdf + "first")].First());
        return members;
    }

    private IEnumerable<string> WithAncestors(string type) =>
        _objects[(type, Rdfs + "subClassOf")].Where(parent => parent != type).SelectMany(WithAncestors).Prepend(type);

    [GeneratedRegex("^(<[^>]*>|_:\\S+) <([^>]*)> (<[^>]*>|_:\\S+) ")]
    private static partial Regex Statement();
}
