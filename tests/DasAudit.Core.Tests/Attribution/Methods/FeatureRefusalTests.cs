using DasAudit.Abstractions;
using DasAudit.Core.Attribution;
using DasAudit.Core.Attribution.Methods;
using DasAudit.Core.Attribution.Methods.Trak;

namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>Features that are not what a method asked for.</summary>
public class FeatureRefusalTests
{
    private const string Anew = "compute them anew";

    public static TheoryData<string> Ids => [.. ReferenceTests.Ids];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Features_of_fewer_pictures_than_asked_for_are_refused(string id)
    {
        var method = MethodCatalog.Find(id);
        Refused(Anew, method, table => new(table.Queries, [.. table.Scored.Skip(1)], table.Members));
        Refused(Anew, method, table => new(table.Queries, table.Scored, table.Members - 1));
        Refused(Anew, method, table => new([], table.Scored, table.Members));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Features_of_other_kinds_or_fewer_draws_are_refused(string id)
    {
        var method = MethodCatalog.Find(id);
        Refused(
            "missing",
            method,
            UsualInputs.For(method) with
            {
                Features = new Dictionary<string, IReadOnlyList<FeatureTable>>(),
            }
        );
        Refused(
            Anew,
            method,
            table =>
                new(table.Queries, [.. table.Scored.Select(row => UsualInputs.WithRows(row, _ => []))], table.Members)
        );
        Refused(
            Anew,
            method,
            table =>
                new(
                    table.Queries,
                    [
                        .. table.Scored.Select(row =>
                            UsualInputs.WithRows(
                                row,
                                rows => rows.ToDictionary(pair => pair.Key, pair => pair.Value[..1])
                            )
                        ),
                    ],
                    table.Members
                )
        );
    }

    [Fact]
    public void Journey_trak_without_a_trajectory_says_where_one_comes_from() =>
        Refused(
            "that generate made",
            new JourneyTrakMethod(),
            table =>
                new(
                    [.. table.Queries.Select(query => UsualInputs.WithRows(query, _ => []))],
                    table.Scored,
                    table.Members
                )
        );

    private static void Refused(string text, IAttributionMethod method, Func<FeatureTable, FeatureTable> change) =>
        Refused(text, method, UsualInputs.Changed(method, change));

    private static void Refused(string text, IAttributionMethod method, MethodInputs inputs) =>
        Assert.Contains(
            text,
            Assert.Throws<AuditException>(() => method.Score(inputs, new(), CancellationToken.None)).Message
        );
}
