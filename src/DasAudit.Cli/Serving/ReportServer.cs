using DasAudit.Evidence.Pages;
using DasAudit.Evidence.Store;

namespace DasAudit.Cli.Serving;

/// <summary>Answers requests: refuses those that are not admitted, and says what goes wrong in a sentence.</summary>
/// <param name="failed">Takes what was not expected.</param>
internal sealed class ReportServer(AccessGuard guard, ReportSite site, Action<Exception> failed)
{
    /// <summary>The answer to a request; nothing is thrown.</summary>
    public Answer Handle(RequestHead request)
    {
        string? path;
        try
        {
            path = guard.Admit(request);
        }
        catch (RefusalException refusal)
        {
            return Refuse(refusal);
        }

        // The way to the list has as many steps up as the path has folders.
        var links = path?.Contains('/', StringComparison.Ordinal) == true ? SiteLinks.FromFolder : SiteLinks.FromList;
        try
        {
            return path is null
                ? new(302, Answer.Html, []) { Location = $"{request.Target.Split('?', 2)[0]}/" }
                : site.Get(path, QueryParameters.Of(request.Target));
        }
        catch (DamagedStoreException e)
        {
            return Fail("The store is damaged", e.Message, links);
        }
        catch (AuditException e)
        {
            return Fail("The store cannot be read", e.Message, links);
        }
#pragma warning disable CA1031 // A page that cannot be made must not end the server, nor show how it works.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failed(e);
            return Fail("This page could not be made", "This is a bug; the program has printed what happened.", links);
        }
    }

    /// <summary>Those who are not admitted get a page that says why, and nothing of the store.</summary>
    public static Answer Refuse(RefusalException refusal) =>
        new(refusal.Status, Answer.Html, MessagePage.WritePlain("Refused", refusal.Message));

    private static Answer Fail(string title, string sentence, SiteLinks links) =>
        new(500, Answer.Html, MessagePage.Write(title, sentence, links));
}
